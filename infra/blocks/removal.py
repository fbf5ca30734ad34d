"""What becomes of a resource that has a name of ours when the creation of its stack fails."""

from aws_cdk import RemovalPolicy


def removal_of_named(removal: RemovalPolicy) -> RemovalPolicy:
    """Returns the policy for a resource whose name does not change from one creation to the next.

    A resource that is retained keeps its name. If its stack was never whole, the next creation would meet "already
    exists", so CloudFormation takes it back then (`RetainExceptOnCreate`): it is empty. Tables keep plain retention:
    their names are drawn anew, and with their deletion protection a failed stack could not be rolled back at all.
    """
    return RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if removal is RemovalPolicy.RETAIN else removal
