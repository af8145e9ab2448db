"""On which day an entry of a list takes effect."""

from datetime import date, timedelta

from glasshouse.regimes.schema import Listing, at


def working_days_on(day: date, count: int) -> date:
    """The day that lies so many working days after a day (Monday to Friday; public holidays are not known here).

    >>> working_days_on(date(2019, 3, 1), 3)
    datetime.date(2019, 3, 6)
    """
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def first_working_day(after: date) -> date:
    """The first working day of the month after a day's.

    >>> first_working_day(date(2019, 5, 20))
    datetime.date(2019, 6, 3)
    """
    first = date(after.year + after.month // 12, after.month % 12 + 1, 1)
    return first + timedelta(days=max(0, 7 - first.weekday()) if first.weekday() >= 5 else 0)


def takes_effect(rule: Listing, today: date, notice: int = 0) -> date:
    """The day on which an entry of today takes effect: when it is published, the time to object is over, and so are the days of notice."""
    published = today if rule.published == "at once" else first_working_day(today)
    return working_days_on(published, int(at(rule.objection, today))) + timedelta(days=notice)
