"""Where progress and the journal are kept. All stores pass one contract suite: tests/stores/test_contract.py."""
