"""The registers beside the procedures on major decisions."""
