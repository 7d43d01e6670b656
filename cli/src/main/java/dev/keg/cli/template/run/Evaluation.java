package dev.keg.cli.template.run;

import dev.keg.cli.template.GoMap;
import dev.keg.cli.template.GoValues;
import dev.keg.cli.template.parse.Node;
import dev.keg.cli.template.parse.Node.Block;
import dev.keg.cli.template.parse.Node.Statement;
import dev.keg.cli.template.parse.Node.Variable;
import dev.keg.cli.template.print.Printf;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A run of a template over its data: writes text and values, and executes the blocks. */
final class Evaluation {
  /** How a list of statements ended. */
  private enum Flow {
    DONE,
    BREAK,
    CONTINUE
  }

  private final StringBuilder out;
  private final Expressions expressions;
  private final Scope scope;

  Evaluation(StringBuilder out, Expressions expressions) {
    this.out = out;
    this.expressions = expressions;
    this.scope = expressions.scope();
  }

  void run(List<Statement> statements, @Nullable Object data) {
    walk(statements, data);
  }

  private Flow walk(List<Statement> statements, @Nullable Object dot) {
    Flow flow = Flow.DONE;
    for (int i = 0; i < statements.size() && flow == Flow.DONE; i++) {
      flow = walk(statements.get(i), dot);
    }
    return flow;
  }

  private Flow walk(Statement statement, @Nullable Object dot) {
    expressions.at(statement);
    return switch (statement) {
      case Node.Text text -> {
        out.append(text.text());
        yield Flow.DONE;
      }
      case Node.Action action -> {
        Object value = expressions.pipeline(dot, action.pipeline());
        if (action.pipeline().variables().isEmpty()) {
          Printf.value(out, value);
        }
        yield Flow.DONE;
      }
      case Node.If(Block block) -> branch(block, dot, false);
      case Node.With(Block block) -> branch(block, dot, true);
      case Node.Range(Block block) -> range(block, dot);
      case Node.Break _ -> Flow.BREAK;
      case Node.Continue _ -> Flow.CONTINUE;
    };
  }

  private Flow branch(Block block, @Nullable Object dot, boolean setsDot) {
    int mark = scope.mark();
    Object value = expressions.pipeline(dot, block.pipeline());
    Flow flow =
        GoValues.truth(value)
            ? walk(block.body(), setsDot ? value : dot)
            : walk(block.otherwise(), dot);
    scope.leave(mark);
    return flow;
  }

  private Flow range(Block block, @Nullable Object dot) {
    int mark = scope.mark();
    Object value = expressions.pipeline(dot, block.pipeline());
    boolean ranOnce = value != null && items(block, value);
    Flow flow = ranOnce ? Flow.DONE : walk(block.otherwise(), dot);
    scope.leave(mark);
    return flow;
  }

  /** Runs the body for each item; returns false if there was none. */
  private boolean items(Block block, Object value) {
    List<?> list = GoValues.list(value);
    GoMap map = GoValues.map(value);
    if (list != null) {
      for (int i = 0; i < list.size(); i++) {
        if (!once(block, i, GoValues.item(value, i))) {
          return true;
        }
      }
      return !list.isEmpty();
    }
    if (map != null) {
      for (Map.Entry<String, ?> entry : map.entries().entrySet()) {
        if (!once(block, entry.getKey(), map.element(entry.getValue()))) {
          return true;
        }
      }
      return !map.entries().isEmpty();
    }
    return numbers(block, value);
  }

  private boolean numbers(Block block, Object value) {
    if (!(value instanceof Number number) || value instanceof Double) {
      StringBuilder shown = new StringBuilder();
      Printf.value(shown, value);
      throw expressions.fail("range can't iterate over " + shown);
    }
    if (block.pipeline().variables().size() > 1) {
      throw expressions.fail("can't use " + value + " to iterate over more than one variable");
    }
    long count =
        number instanceof Byte unsigned ? Byte.toUnsignedLong(unsigned) : number.longValue();
    for (long i = 0; i < count; i++) {
      Number item = number instanceof Long ? (Number) i : GoValues.integer(i);
      if (!once(block, item, item)) {
        return true;
      }
    }
    return count > 0;
  }

  /** Runs the body once; returns false after a break. */
  private boolean once(Block block, Object index, @Nullable Object item) {
    int mark = scope.mark();
    // The pipeline has declared them with the whole list as their value.
    List<Variable> variables = block.pipeline().variables();
    if (variables.size() > 1) {
      expressions.assign(variables.getFirst(), index);
    }
    if (!variables.isEmpty()) {
      expressions.assign(variables.getLast(), item);
    }
    Flow flow = walk(block.body(), item);
    scope.leave(mark);
    return flow != Flow.BREAK;
  }
}
