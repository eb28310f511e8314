"""How clients behave towards institutions: late answers, confirmations, payments, cancellations."""
