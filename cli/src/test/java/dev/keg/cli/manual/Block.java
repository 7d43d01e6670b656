package dev.keg.cli.manual;

import java.util.List;

/** A part of a page. */
sealed interface Block {
  /** A heading; level 2 begins a section. */
  record Heading(int level, String text) implements Block {}

  record Paragraph(String text) implements Block {}

  /** The text between fences. */
  record Literal(List<String> lines) implements Block {
    public Literal {
      lines = List.copyOf(lines);
    }
  }

  record Bullets(boolean numbered, List<String> items) implements Block {
    public Bullets {
      items = List.copyOf(items);
    }
  }

  /** Rows of cells, the header first. */
  record Table(List<List<String>> rows) implements Block {
    public Table {
      rows = rows.stream().map(List::copyOf).toList();
    }
  }
}
