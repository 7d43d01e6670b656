package dev.keg.cli.template.parse;

import dev.keg.cli.template.GoText;
import dev.keg.cli.template.print.Quote;

/** A piece of a template: its kind, position and text. */
record Token(Kind kind, int position, String text) {
  enum Kind {
    ERROR,
    END_OF_TEXT,
    TEXT,
    LEFT_DELIMITER,
    RIGHT_DELIMITER,
    SPACE,
    LEFT_PAREN,
    RIGHT_PAREN,
    PIPE,
    ASSIGN,
    DECLARE,
    CHARACTER,
    IDENTIFIER,
    FIELD,
    VARIABLE,
    BOOL,
    NUMBER,
    IMAGINARY,
    CHARACTER_CONSTANT,
    STRING,
    RAW_STRING,
    DOT,
    NIL,
    KEYWORD
  }

  boolean is(Kind other) {
    return kind == other;
  }

  boolean isKeyword(String word) {
    return kind == Kind.KEYWORD && text.equals(word);
  }

  /** The notation of Go's messages. */
  @Override
  public String toString() {
    return switch (kind) {
      case END_OF_TEXT -> "EOF";
      case ERROR -> text;
      case KEYWORD, DOT, NIL -> "<" + text + ">";
      default -> quoted();
    };
  }

  private String quoted() {
    if (GoText.length(text) <= 10) {
      return Quote.string(text);
    }
    int characters = Math.min(10, text.codePointCount(0, text.length()));
    return Quote.string(text.substring(0, text.offsetByCodePoints(0, characters))) + "...";
  }
}
