"""`python -m claims` does what `claims` does."""

from claims.cli import main

main()
