"""The core day in several engines: each file has a class Run(citizens, threads), whose days(count) returns the last day's totals."""
