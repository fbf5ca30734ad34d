"""Records requests: somebody asks for what the office holds, by a law that says by when it answers and how."""
