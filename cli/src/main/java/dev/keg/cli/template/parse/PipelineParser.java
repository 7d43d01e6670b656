package dev.keg.cli.template.parse;

import dev.keg.cli.template.parse.Node.Chain;
import dev.keg.cli.template.parse.Node.Command;
import dev.keg.cli.template.parse.Node.Field;
import dev.keg.cli.template.parse.Node.Identifier;
import dev.keg.cli.template.parse.Node.Literal;
import dev.keg.cli.template.parse.Node.Operand;
import dev.keg.cli.template.parse.Node.Pipeline;
import dev.keg.cli.template.parse.Node.Variable;
import dev.keg.cli.template.parse.Token.Kind;
import dev.keg.cli.template.print.Quote;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Parses the content of an action: {@code $x := command | command}. A command consists of operands
 * separated by spaces; an operand is a term with fields: {@code (index .Status "m").z}.
 */
final class PipelineParser {
  /** Keeps a hostile template from exhausting the stack. */
  private static final int MAX_DEPTH = 250;

  /** Functions of Go that make no sense on a terminal. */
  private static final Set<String> UNSUPPORTED = Set.of("call", "html", "js", "urlquery");

  private final TokenStream tokens;
  private final Predicate<String> functions;
  private final List<String> variables = new ArrayList<>(List.of("$"));
  private int depth;

  PipelineParser(TokenStream tokens, Predicate<String> functions) {
    this.tokens = tokens;
    this.functions = functions;
  }

  int scope() {
    return variables.size();
  }

  void leaveScope(int scope) {
    variables.subList(scope, variables.size()).clear();
  }

  Pipeline pipeline(String context, Kind end) {
    int position = tokens.peekNonSpace().position();
    List<Variable> declared = new ArrayList<>();
    boolean assigns = declarations(context, declared);
    List<Command> commands = new ArrayList<>();
    while (true) {
      Token token = tokens.peekNonSpace();
      if (token.is(end)) {
        tokens.next();
        checkCommands(commands, context);
        return new Pipeline(position, List.copyOf(declared), assigns, List.copyOf(commands));
      }
      if (!startsOperand(token)) {
        throw tokens.unexpected(tokens.next(), context);
      }
      commands.add(command());
    }
  }

  private static boolean startsOperand(Token token) {
    return switch (token.kind()) {
      case BOOL, CHARACTER_CONSTANT, IMAGINARY, DOT, FIELD, IDENTIFIER -> true;
      case NUMBER, NIL, RAW_STRING, STRING, VARIABLE, LEFT_PAREN -> true;
      case ERROR, END_OF_TEXT, TEXT, LEFT_DELIMITER, RIGHT_DELIMITER, SPACE -> false;
      case RIGHT_PAREN, PIPE, ASSIGN, DECLARE, CHARACTER, KEYWORD -> false;
    };
  }

  /**
   * Parses {@code $x :=}, {@code $x =} or {@code $i, $x :=} if present; returns true for {@code =}.
   */
  private boolean declarations(String context, List<Variable> declared) {
    while (tokens.peekNonSpace().is(Kind.VARIABLE)) {
      int mark = tokens.mark();
      Token variable = tokens.next();
      Token next = tokens.peekNonSpace();
      boolean comma = next.is(Kind.CHARACTER) && next.text().equals(",");
      if (!comma && !next.is(Kind.ASSIGN) && !next.is(Kind.DECLARE)) {
        tokens.reset(mark);
        return false;
      }
      tokens.next();
      declared.add(new Variable(variable.position(), variable.text(), List.of()));
      variables.add(variable.text());
      if (!comma) {
        return next.is(Kind.ASSIGN);
      }
      expectSecondVariable(context, declared.size());
    }
    return false;
  }

  private void expectSecondVariable(String context, int declared) {
    if (!context.equals("range") || declared > 1) {
      throw tokens.error("too many declarations in " + context);
    }
    switch (tokens.peekNonSpace().kind()) {
      case VARIABLE, RIGHT_DELIMITER, RIGHT_PAREN -> {}
      default -> throw tokens.error("range can only initialize variables");
    }
  }

  private void checkCommands(List<Command> commands, String context) {
    if (commands.isEmpty()) {
      throw tokens.error("missing value for " + context);
    }
    for (int i = 1; i < commands.size(); i++) {
      if (isValue(commands.get(i).words().getFirst())) {
        throw tokens.error("non executable command in pipeline stage " + (i + 1));
      }
    }
  }

  private Command command() {
    int position = tokens.peekNonSpace().position();
    List<Operand> words = new ArrayList<>();
    while (true) {
      tokens.peekNonSpace();
      Operand operand = operand();
      if (operand != null) {
        words.add(operand);
      }
      Token token = tokens.peek();
      if (token.is(Kind.SPACE)) {
        tokens.next();
        continue;
      }
      if (token.is(Kind.PIPE)) {
        tokens.next();
      } else if (!token.is(Kind.RIGHT_DELIMITER) && !token.is(Kind.RIGHT_PAREN)) {
        throw tokens.unexpected(tokens.next(), "operand");
      }
      if (words.isEmpty()) {
        throw tokens.error("empty command");
      }
      return new Command(position, List.copyOf(words));
    }
  }

  private @Nullable Operand operand() {
    Operand term = term();
    Token token = tokens.peek();
    if (term == null || !token.is(Kind.FIELD)) {
      return term;
    }
    List<String> fields = new ArrayList<>();
    while (tokens.peek().is(Kind.FIELD)) {
      fields.add(tokens.next().text().substring(1));
    }
    if (isValue(term)) {
      throw tokens.error("unexpected . after term " + Quote.string(term.toString()));
    }
    return switch (term) {
      case Field field -> {
        fields.addFirst(field.names().getFirst());
        yield new Field(token.position(), List.copyOf(fields));
      }
      case Variable variable ->
          new Variable(token.position(), variable.name(), List.copyOf(fields));
      default -> new Chain(token.position(), term, List.copyOf(fields));
    };
  }

  private static boolean isValue(Operand operand) {
    return switch (operand) {
      case Node.Bool _, Node.Dot _, Node.Nil _, Literal _ -> true;
      case Node.Constant _, Node.ComplexConstant _ -> true;
      case Pipeline _, Field _, Variable _, Chain _, Identifier _ -> false;
    };
  }

  private @Nullable Operand term() {
    Token token = tokens.peekNonSpace();
    if (!startsOperand(token)) {
      return null;
    }
    tokens.next();
    int position = token.position();
    return switch (token.kind()) {
      case IDENTIFIER -> function(token);
      case DOT -> new Node.Dot(position);
      case NIL -> new Node.Nil(position);
      case VARIABLE -> variable(token);
      case FIELD -> new Field(position, List.of(token.text().substring(1)));
      case BOOL -> new Node.Bool(position, token.text().equals("true"));
      case LEFT_PAREN -> parenthesized();
      default -> literal(token);
    };
  }

  private Identifier function(Token token) {
    String name = token.text();
    if (UNSUPPORTED.contains(name)) {
      throw tokens.unsupported(token);
    }
    if (!functions.test(name)) {
      throw tokens.error("function " + Quote.string(name) + " not defined");
    }
    return new Identifier(token.position(), name);
  }

  private Variable variable(Token token) {
    if (!variables.contains(token.text())) {
      throw tokens.error("undefined variable " + Quote.string(token.text()));
    }
    return new Variable(token.position(), token.text(), List.of());
  }

  private Pipeline parenthesized() {
    if (depth == MAX_DEPTH) {
      throw tokens.error("max expression depth exceeded");
    }
    depth++;
    Pipeline pipeline = pipeline("parenthesized pipeline", Kind.RIGHT_PAREN);
    depth--;
    return pipeline;
  }

  private Operand literal(Token token) {
    int position = token.position();
    String text = token.text();
    try {
      return switch (token.kind()) {
        case NUMBER -> Literals.number(position, text);
        case IMAGINARY -> Literals.complex(position, text);
        case CHARACTER_CONSTANT -> Literals.character(position, text);
        default -> new Literal(position, text, Literals.string(text));
      };
    } catch (MalformedLiteral malformed) {
      throw tokens.error(malformed.why());
    }
  }
}
