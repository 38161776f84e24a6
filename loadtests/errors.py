"""All exceptions of the load runs and the benchmark; what each means is beside it."""


class LoadTestError(Exception):
    """What load runs raise on purpose."""


class NotServed(LoadTestError):
    """The server did not start, or did not answer as it should."""


class LoadFailed(LoadTestError):
    """The books do not agree, a request failed, or nothing was finished; the text is the report."""


class FlowBroken(LoadTestError):
    """A flow went otherwise than it must."""


class RequestFailed(LoadTestError):
    """A request was not answered, or not with what was asked for; it ends the measurement."""


class BooksDisagree(LoadTestError):
    """After a run the books do not hold what was bought, or break an invariant."""


class PlanRefused(LoadTestError):
    """What a run is to do holds a field or a value that will not do; the text names it and the remedy."""


class BadThreshold(PlanRefused):
    """A threshold that cannot be judged; the message names the place and the remedy."""


class BadFault(PlanRefused):
    """A fault that does not exist or could never strike; the message names the place and the remedy."""
