"""The invented city: places, boundaries, people, society, and the files in which its offices publish them."""
