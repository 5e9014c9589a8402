"""Training (业务培训) and guidance (业务指导): who must, who has, and answers on how to fill in."""
