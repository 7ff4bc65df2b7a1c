"""The office: pages for officials, editors, helpers and operators. Signing in and seeing are each in one place."""
