"""What becomes of everything a section or a person has when the section is renamed, merged or split, or he leaves."""
