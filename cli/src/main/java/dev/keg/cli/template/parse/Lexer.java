package dev.keg.cli.template.parse;

import dev.keg.cli.template.parse.Token.Kind;
import dev.keg.cli.template.print.Quote;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Splits a template into tokens. Text is outside of <code>{{ }}</code>; <code>{{- </code> and
 * <code> -}}</code> trim the white space next to them, <code>{{/* *&#47;}}</code> is a comment. The
 * last token is the end of the text, or an error.
 */
final class Lexer {
  private static final String LEFT = "{{";
  private static final String RIGHT = "}}";
  private static final String LEFT_COMMENT = "/*";
  private static final String RIGHT_COMMENT = "*/";

  /** The length of {@code "- "} and {@code " -"}. */
  private static final int TRIM_MARK = 2;

  private static final Set<String> KEYWORDS =
      Set.of(
          "block", "break", "continue", "define", "else", "end", "if", "range", "template", "with");

  private final String text;
  private final Cursor cursor;
  private final List<Token> tokens = new ArrayList<>();
  private int start;

  private Lexer(String text) {
    this.text = text;
    this.cursor = new Cursor(text);
  }

  static List<Token> tokens(String text) {
    Lexer lexer = new Lexer(text);
    try {
      lexer.run();
    } catch (Wrong wrong) {
      lexer.tokens.add(new Token(Kind.ERROR, lexer.start, wrong.why));
    }
    return lexer.tokens;
  }

  /** Ends the run early; it never leaves this class. */
  private static final class Wrong extends Exception {
    final String why;

    Wrong(String why) {
      super(why, null, false, false);
      this.why = why;
    }
  }

  private void run() throws Wrong {
    while (text()) {
      leftDelimiter();
    }
    emit(Kind.END_OF_TEXT);
  }

  /** Takes the text up to the next action; returns false if there is none. */
  private boolean text() {
    int action = cursor.find(LEFT);
    int end = action;
    while (trimsLeft(action + LEFT.length()) && end > start && cursor.hasSpaceAt(end - 1)) {
      end--;
    }
    cursor.moveTo(end);
    if (end > start) {
      emit(Kind.TEXT);
    }
    skipTo(action);
    return action < text.length();
  }

  private void leftDelimiter() throws Wrong {
    int mark = cursor.position() + LEFT.length();
    int content = trimsLeft(mark) ? mark + TRIM_MARK : mark;
    if (text.startsWith(LEFT_COMMENT, content)) {
      skipTo(content);
      comment();
      return;
    }
    cursor.moveTo(mark);
    emit(Kind.LEFT_DELIMITER);
    skipTo(content);
    action();
  }

  private void comment() throws Wrong {
    cursor.moveTo(start + LEFT_COMMENT.length());
    int end = cursor.find(RIGHT_COMMENT);
    if (end == text.length()) {
      throw new Wrong("unclosed comment");
    }
    cursor.moveTo(end + RIGHT_COMMENT.length());
    boolean trims = atTrimmingRightDelimiter();
    if (!trims && !cursor.startsWith(RIGHT)) {
      throw new Wrong("comment ends before closing delimiter");
    }
    closeAction(trims);
  }

  private void closeAction(boolean trims) {
    cursor.moveTo(cursor.position() + (trims ? TRIM_MARK : 0) + RIGHT.length());
    if (trims) {
      cursor.skipSpace();
    }
    start = cursor.position();
  }

  private void action() throws Wrong {
    int open = 0;
    boolean trims = atTrimmingRightDelimiter();
    while (!trims && !cursor.startsWith(RIGHT)) {
      int c = cursor.next();
      open += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (open < 0) {
        throw new Wrong("unexpected right paren");
      }
      insideAction(c);
      trims = atTrimmingRightDelimiter();
    }
    if (open > 0) {
      throw new Wrong("unclosed left paren");
    }
    tokens.add(new Token(Kind.RIGHT_DELIMITER, start + (trims ? TRIM_MARK : 0), RIGHT));
    closeAction(trims);
  }

  private void insideAction(int c) throws Wrong {
    switch (c) {
      case Cursor.END -> throw new Wrong("unclosed action");
      case ' ', '\t', '\r', '\n' -> space();
      case '=' -> emit(Kind.ASSIGN);
      case ':' -> declare();
      case '|' -> emit(Kind.PIPE);
      case '(' -> emit(Kind.LEFT_PAREN);
      case ')' -> emit(Kind.RIGHT_PAREN);
      case '"' -> quoted('"', "unterminated quoted string", Kind.STRING);
      case '\'' -> quoted('\'', "unterminated character constant", Kind.CHARACTER_CONSTANT);
      case '`' -> rawQuoted();
      case '$' -> fieldOrVariable(Kind.VARIABLE, Kind.VARIABLE);
      case '.' -> point();
      case '+', '-' -> number();
      default -> other(c);
    }
  }

  private void point() throws Wrong {
    int c = cursor.peek();
    if (Cursor.isDigit(c) || c == Cursor.END) {
      number();
    } else {
      fieldOrVariable(Kind.FIELD, Kind.DOT);
    }
  }

  private void other(int c) throws Wrong {
    if (Cursor.isDigit(c)) {
      number();
    } else if (Cursor.isAlphanumeric(c)) {
      identifier();
    } else if (c < 0x80 && Quote.isPrintable(c)) {
      emit(Kind.CHARACTER);
    } else {
      throw new Wrong("unrecognized character in action: " + Quote.unicode(c));
    }
  }

  private void space() {
    cursor.skipSpace();
    // The last space may belong to the delimiter " -}}".
    cursor.moveTo(cursor.position() - 1);
    if (!atTrimmingRightDelimiter()) {
      cursor.moveTo(cursor.position() + 1);
    }
    if (cursor.position() > start) {
      emit(Kind.SPACE);
    }
  }

  private void declare() throws Wrong {
    if (cursor.next() != '=') {
      throw new Wrong("expected :=");
    }
    emit(Kind.DECLARE);
  }

  private void identifier() throws Wrong {
    word();
    String word = cursor.since(start);
    emit(
        switch (word) {
          case "true", "false" -> Kind.BOOL;
          case "nil" -> Kind.NIL;
          default -> KEYWORDS.contains(word) ? Kind.KEYWORD : Kind.IDENTIFIER;
        });
  }

  private void fieldOrVariable(Kind kind, Kind alone) throws Wrong {
    boolean named = !atTerminator();
    if (named) {
      word();
    }
    emit(named ? kind : alone);
  }

  private void word() throws Wrong {
    cursor.skipAlphanumeric();
    if (!atTerminator()) {
      throw new Wrong("bad character " + Quote.unicode(cursor.peek()));
    }
  }

  private boolean atTerminator() {
    return switch (cursor.peek()) {
      case Cursor.END, ' ', '\t', '\r', '\n', '.', ',', '|', ':', ')', '(' -> true;
      default -> cursor.startsWith(RIGHT);
    };
  }

  private void quoted(char quote, String otherwise, Kind kind) throws Wrong {
    int c = cursor.next();
    while (c != quote) {
      boolean escapes = c == '\\';
      if (escapes) {
        c = cursor.next();
      }
      if (c == Cursor.END || c == '\n') {
        throw new Wrong(otherwise);
      }
      c = cursor.next();
    }
    emit(kind);
  }

  private void rawQuoted() throws Wrong {
    int end = cursor.find("`");
    if (end == text.length()) {
      throw new Wrong("unterminated raw quoted string");
    }
    cursor.moveTo(end + 1);
    emit(Kind.RAW_STRING);
  }

  private void number() throws Wrong {
    cursor.moveTo(start);
    boolean complete = cursor.skipNumber();
    boolean imaginary = complete && endsImaginary();
    if (complete && (cursor.peek() == '+' || cursor.peek() == '-')) {
      complete = cursor.skipNumber() && endsImaginary();
      imaginary = true;
    }
    if (!complete) {
      throw new Wrong("bad number syntax: " + Quote.string(cursor.since(start)));
    }
    emit(imaginary ? Kind.IMAGINARY : Kind.NUMBER);
  }

  private boolean endsImaginary() {
    return text.charAt(cursor.position() - 1) == 'i';
  }

  private void emit(Kind kind) {
    tokens.add(new Token(kind, start, cursor.since(start)));
    start = cursor.position();
  }

  /** Continues from there, and skips the text before it. */
  private void skipTo(int position) {
    cursor.moveTo(position);
    start = position;
  }

  private boolean trimsLeft(int at) {
    return text.startsWith("-", at) && cursor.hasSpaceAt(at + 1);
  }

  private boolean atTrimmingRightDelimiter() {
    int at = cursor.position();
    return cursor.hasSpaceAt(at)
        && text.startsWith("-", at + 1)
        && text.startsWith(RIGHT, at + TRIM_MARK);
  }
}
