"""An enterprise asks a department to commission what only departments may."""
