"""The public interface in one process: who may ask, what is answered, what is refused."""
