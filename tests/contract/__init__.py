"""The public interface against its own description, on the running product."""
