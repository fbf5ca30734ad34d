"""`python -m infra.check_placeholders dev` fails when the environment still holds the addresses it was shipped with.

`make deploy` runs it before anything is deployed.
"""

import sys

from infra.environments import environment_named


def main() -> None:
    environment = environment_named(sys.argv[1])
    if environment.placeholders:
        sys.exit(
            f"{environment.name} cannot be deployed yet: {', '.join(environment.placeholders)} still end in .example, "
            f"where nobody receives mail. Write your own into {environment.name.upper()} in infra/environments.py."
        )


if __name__ == "__main__":
    main()
