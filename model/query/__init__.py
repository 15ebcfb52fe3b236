"""Ask the (already protected) indicator table: select, rank, compare, classify, change, coverage."""
