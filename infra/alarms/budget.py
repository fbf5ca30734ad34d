"""What AWS Budgets says of the month's dollars."""

from aws_cdk import aws_budgets as budgets
from constructs import Construct


def monthly_budget(scope: Construct, id_: str, *, environment: str, dollars: int, email: str) -> budgets.CfnBudget:
    """Mails when four fifths of the month's dollars are spent, and when all of them are going to be.

    It counts what bears the tag `Environment`, once the tag is activated (Billing, *Cost allocation tags*).
    """

    def mail(kind: str, percent: int) -> budgets.CfnBudget.NotificationWithSubscribersProperty:
        return budgets.CfnBudget.NotificationWithSubscribersProperty(
            notification=budgets.CfnBudget.NotificationProperty(
                notification_type=kind, comparison_operator="GREATER_THAN", threshold=percent
            ),
            subscribers=[budgets.CfnBudget.SubscriberProperty(subscription_type="EMAIL", address=email)],
        )

    return budgets.CfnBudget(
        scope,
        id_,
        budget=budgets.CfnBudget.BudgetDataProperty(
            budget_type="COST",
            time_unit="MONTHLY",
            budget_limit=budgets.CfnBudget.SpendProperty(amount=dollars, unit="USD"),
            cost_filters={"TagKeyValue": [f"user:Environment${environment}"]},
        ),
        notifications_with_subscribers=[mail("ACTUAL", 80), mail("FORECASTED", 100)],
    )
