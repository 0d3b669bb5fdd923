"""Results kept between requests, and what computes them."""
