package dev.keg.cli.template.parse;

import dev.keg.cli.template.parse.Node.Block;
import dev.keg.cli.template.parse.Node.Pipeline;
import dev.keg.cli.template.parse.Node.Statement;
import dev.keg.cli.template.parse.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Parses a whole template: text, actions, and the blocks that {@code if}, {@code with} and {@code
 * range} open, {@code else} divides and {@code end} closes.
 */
public final class BlockParser {
  /** Keeps a hostile template from exhausting the stack. */
  private static final int MAX_DEPTH = 250;

  private final TokenStream tokens;
  private final PipelineParser pipelines;
  private int ranges;
  private int depth;

  /** The {@code {{end}}} or {@code {{else}}} that ended the last list of nodes. */
  private @Nullable String ender;

  private BlockParser(TokenStream tokens, Predicate<String> functions) {
    this.tokens = tokens;
    this.pipelines = new PipelineParser(tokens, functions);
  }

  /**
   * The statements of a template.
   *
   * @param functions whether a function of that name exists
   */
  public static List<Statement> parse(Source source, Predicate<String> functions) {
    return new BlockParser(new TokenStream(source), functions).template();
  }

  private List<Statement> template() {
    List<Statement> nodes = new ArrayList<>();
    while (!tokens.peek().is(Kind.END_OF_TEXT)) {
      Statement node = textOrAction();
      if (node == null) {
        throw tokens.error("unexpected " + ender);
      }
      nodes.add(node);
    }
    return List.copyOf(nodes);
  }

  /** Nodes up to an {@code {{end}}} or {@code {{else}}}. */
  private List<Statement> list() {
    List<Statement> nodes = new ArrayList<>();
    while (!tokens.peekNonSpace().is(Kind.END_OF_TEXT)) {
      Statement node = textOrAction();
      if (node == null) {
        return List.copyOf(nodes);
      }
      nodes.add(node);
    }
    throw tokens.error("unexpected EOF");
  }

  /** Null at an {@code {{end}}} or {@code {{else}}}. */
  private @Nullable Statement textOrAction() {
    Token token = tokens.nextNonSpace();
    if (token.is(Kind.TEXT)) {
      return new Node.Text(token.position(), token.text());
    }
    if (!token.is(Kind.LEFT_DELIMITER)) {
      throw tokens.unexpected(token, "input");
    }
    tokens.beginAction(token);
    Statement action = action();
    tokens.endAction();
    return action;
  }

  private @Nullable Statement action() {
    Token word = tokens.peekNonSpace();
    if (!word.is(Kind.KEYWORD)) {
      return new Node.Action(word.position(), pipelines.pipeline("command", Kind.RIGHT_DELIMITER));
    }
    tokens.next();
    return switch (word.text()) {
      case "if" -> branch("if");
      case "with" -> branch("with");
      case "range" -> branch("range");
      case "else" -> otherwise();
      case "end" -> end();
      case "break" -> {
        leaveRange("{{break}}");
        yield new Node.Break(word.position());
      }
      case "continue" -> {
        leaveRange("{{continue}}");
        yield new Node.Continue(word.position());
      }
      default -> throw tokens.unsupported(word);
    };
  }

  private void leaveRange(String action) {
    tokens.expectRightDelimiter(action);
    if (ranges == 0) {
      throw tokens.error(action + " outside {{range}}");
    }
  }

  private @Nullable Statement end() {
    tokens.expectRightDelimiter("end");
    ender = "{{end}}";
    return null;
  }

  // Leaves the "if" of "{{else if" and the "with" of "{{else with" to the block it belongs to.
  private @Nullable Statement otherwise() {
    Token next = tokens.peekNonSpace();
    if (!next.isKeyword("if") && !next.isKeyword("with")) {
      tokens.expectRightDelimiter("else");
    }
    ender = "{{else}}";
    return null;
  }

  private Statement branch(String word) {
    if (depth == MAX_DEPTH) {
      throw tokens.error("max block depth exceeded");
    }
    depth++;
    int scope = pipelines.scope();
    Pipeline pipeline = pipelines.pipeline(word, Kind.RIGHT_DELIMITER);
    ranges += word.equals("range") ? 1 : 0;
    List<Statement> body = list();
    ranges -= word.equals("range") ? 1 : 0;
    List<Statement> otherwise = "{{else}}".equals(ender) ? otherwise(word) : List.of();
    pipelines.leaveScope(scope);
    depth--;
    Block block = new Block(pipeline, body, otherwise);
    return switch (word) {
      case "if" -> new Node.If(block);
      case "with" -> new Node.With(block);
      default -> new Node.Range(block);
    };
  }

  /** {@code {{else if}}} is an {@code if} of its own in the else part, closed by the same end. */
  private List<Statement> otherwise(String word) {
    if (!word.equals("range") && tokens.peek().isKeyword(word)) {
      tokens.next();
      return List.of(branch(word));
    }
    List<Statement> nodes = list();
    if (!"{{end}}".equals(ender)) {
      throw tokens.error("expected end; found " + ender);
    }
    return nodes;
  }
}
