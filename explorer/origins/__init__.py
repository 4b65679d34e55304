"""Where each value of a request came from, inferred from the exchanges alone.

Nothing is tainted or tracked: a value is looked for in the earlier answers, so live sessions, edited requests,
recordings and imports are all treated alike. An origin is an inference and is to be shown as one.
"""

from __future__ import annotations

from explorer.origins.offers import Offer, offers_of
from explorer.origins.origins import Origins, Source, Use
from explorer.origins.spans import Span

__all__ = ["Offer", "Origins", "Source", "Span", "Use", "offers_of"]
