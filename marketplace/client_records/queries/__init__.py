"""How clients behave, and who they are; never writes."""
