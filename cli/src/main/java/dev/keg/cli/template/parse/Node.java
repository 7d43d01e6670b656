package dev.keg.cli.template.parse;

import dev.keg.cli.template.Complex;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a parsed template. Its text is what Go's messages show between {@code < >}; its
 * position is the one that they report.
 */
public sealed interface Node {
  int position();

  /** An element of a template. */
  sealed interface Statement extends Node {}

  /** Text outside of actions. */
  record Text(int position, String text) implements Statement {}

  /** A pipeline whose value is printed, unless it sets a variable. */
  record Action(int position, Pipeline pipeline) implements Statement {
    @Override
    public String toString() {
      return "{{" + pipeline + "}}";
    }
  }

  record If(Block block) implements Statement {
    @Override
    public int position() {
      return block.position();
    }
  }

  record With(Block block) implements Statement {
    @Override
    public int position() {
      return block.position();
    }
  }

  record Range(Block block) implements Statement {
    @Override
    public int position() {
      return block.position();
    }
  }

  record Break(int position) implements Statement {}

  record Continue(int position) implements Statement {}

  /** The part between {@code if}, {@code with} or {@code range} and its {@code end}. */
  record Block(Pipeline pipeline, List<Statement> body, List<Statement> otherwise) {
    int position() {
      return pipeline.position();
    }
  }

  /** {@code variables := command | command}. */
  record Pipeline(int position, List<Variable> variables, boolean assigns, List<Command> commands)
      implements Operand {
    @Override
    public String toString() {
      String commandTexts = join(" | ", commands);
      return variables.isEmpty() ? commandTexts : join(", ", variables) + " := " + commandTexts;
    }
  }

  /** {@code word word}; the first is a function, a method, or the value itself. */
  record Command(int position, List<Operand> words) implements Node {
    @Override
    public String toString() {
      return join(" ", words.stream().map(Node::parenthesized).toList());
    }
  }

  /** An element of a command. */
  sealed interface Operand extends Node {}

  /** {@code .} */
  record Dot(int position) implements Operand {
    @Override
    public String toString() {
      return ".";
    }
  }

  /** {@code nil} */
  record Nil(int position) implements Operand {
    @Override
    public String toString() {
      return "nil";
    }
  }

  record Bool(int position, boolean value) implements Operand {
    @Override
    public String toString() {
      return String.valueOf(value);
    }
  }

  /** A string with its quotes, and its value. */
  record Literal(int position, String quoted, String text) implements Operand {
    @Override
    public String toString() {
      return quoted;
    }
  }

  /**
   * A number; {@code integer} is null if it is not an integer or does not fit; then {@code real}
   * may be null, too.
   */
  record Constant(int position, String text, @Nullable Long integer, @Nullable Double real)
      implements Operand {
    @Override
    public String toString() {
      return text;
    }
  }

  /** {@code 1+2i} */
  record ComplexConstant(int position, String text, Complex value) implements Operand {
    @Override
    public String toString() {
      return text;
    }
  }

  /** {@code .a.b} */
  record Field(int position, List<String> names) implements Operand {
    @Override
    public String toString() {
      return "." + String.join(".", names);
    }
  }

  /** {@code $x.a.b}; the dollar sign belongs to the name. */
  record Variable(int position, String name, List<String> fields) implements Operand {
    @Override
    public String toString() {
      return fields.isEmpty() ? name : name + "." + String.join(".", fields);
    }
  }

  /** {@code (pipeline).a.b} or {@code function.a.b} */
  record Chain(int position, Operand operand, List<String> fields) implements Operand {
    @Override
    public String toString() {
      return parenthesized(operand) + "." + String.join(".", fields);
    }
  }

  /** A function by its name. */
  record Identifier(int position, String name) implements Operand {
    @Override
    public String toString() {
      return name;
    }
  }

  private static String parenthesized(Node node) {
    return node instanceof Pipeline ? "(" + node + ")" : node.toString();
  }

  private static String join(String between, List<?> parts) {
    return String.join(between, parts.stream().map(Object::toString).toList());
  }
}
