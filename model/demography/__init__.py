"""Population by the cohort-component method: area × sex × single year of age, with levers, intervals and reasons."""
