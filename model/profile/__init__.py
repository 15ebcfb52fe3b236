"""Say what the numbers mean: number formats, findings in plain words, statistical twins."""
