"""A small news site for trying things out: two invented magazines, served on this machine only.

The texts are the project's own. The story of the 350,000 H100 is real, its retellings here are ours; most of
the other companies and all of their plans are invented.
"""
