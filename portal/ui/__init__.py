"""What pages are made of. Pages import from here and nowhere else."""
