"""The page's sections, one file each: a run's sums in, blocks out."""
