"""The CloudFormation resource (an L1 construct) below an L2 construct, for properties that the L2 does not offer."""

from typing import TypeVar

from constructs import IConstruct

L1 = TypeVar("L1")


def l1_of(construct: IConstruct, kind: type[L1]) -> L1:
    """Raises TypeError when the construct is imported, and so has no resource in this stack."""
    resource = construct.node.default_child
    if not isinstance(resource, kind):
        raise TypeError(f"{construct.node.path} has no {kind.__name__} in this stack")
    return resource
