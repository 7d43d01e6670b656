package dev.keg.cli.template.parse;

import dev.keg.cli.template.TemplateException.Unparsable;
import dev.keg.cli.template.parse.Token.Kind;
import java.util.List;

/** The tokens of a template in order, and the errors that stop the parser on one of them. */
final class TokenStream {
  private final Source source;
  private final List<Token> tokens;
  private int index;
  private int furthest;
  private int actionLine;

  TokenStream(Source source) {
    this.source = source;
    this.tokens = Lexer.tokens(source.text());
  }

  Token next() {
    Token token = peek();
    index = Math.min(index + 1, tokens.size());
    return token;
  }

  Token peek() {
    int at = Math.min(index, tokens.size() - 1);
    furthest = Math.max(furthest, at);
    return tokens.get(at);
  }

  Token nextNonSpace() {
    Token token = next();
    return token.is(Kind.SPACE) ? next() : token;
  }

  Token peekNonSpace() {
    if (peek().is(Kind.SPACE)) {
      next();
    }
    return peek();
  }

  int mark() {
    return index;
  }

  void reset(int mark) {
    index = mark;
  }

  Token expectRightDelimiter(String context) {
    Token token = nextNonSpace();
    if (!token.is(Kind.RIGHT_DELIMITER)) {
      throw unexpected(token, context);
    }
    return token;
  }

  void beginAction(Token leftDelimiter) {
    actionLine = source.line(leftDelimiter.position());
  }

  void endAction() {
    actionLine = 0;
  }

  Unparsable unexpected(Token token, String context) {
    return token.is(Kind.ERROR)
        ? error(token + whereBegun(token))
        : error("unexpected " + token + " in " + context);
  }

  private String whereBegun(Token token) {
    if (actionLine == 0 || actionLine == source.line(token.position())) {
      return "";
    }
    String begun = " started at :" + actionLine;
    return token.text().endsWith(" action") ? begun : " in action" + begun;
  }

  /** Go reports the line of the last token it looked at, not of the wrong one. */
  Unparsable error(String message) {
    int line = source.line(tokens.get(furthest).position());
    return new Unparsable("template: :" + line + ": " + message);
  }

  /** The error for a feature of Go that Keg lacks. */
  Unparsable unsupported(Token word) {
    return new Unparsable(
        "template: %s: %s is not supported"
            .formatted(source.location(word.position()), word.text()));
  }
}
