"""For whoever develops: platforms played on this machine. The program itself takes nothing from here."""
