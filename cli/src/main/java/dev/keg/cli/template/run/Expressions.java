package dev.keg.cli.template.run;

import dev.keg.cli.template.Any;
import dev.keg.cli.template.GoMap;
import dev.keg.cli.template.GoValues;
import dev.keg.cli.template.Method;
import dev.keg.cli.template.NilPointer;
import dev.keg.cli.template.Struct;
import dev.keg.cli.template.TemplateException.Failed;
import dev.keg.cli.template.parse.Literals;
import dev.keg.cli.template.parse.Node;
import dev.keg.cli.template.parse.Node.Chain;
import dev.keg.cli.template.parse.Node.Command;
import dev.keg.cli.template.parse.Node.Constant;
import dev.keg.cli.template.parse.Node.Field;
import dev.keg.cli.template.parse.Node.Identifier;
import dev.keg.cli.template.parse.Node.Literal;
import dev.keg.cli.template.parse.Node.Operand;
import dev.keg.cli.template.parse.Node.Pipeline;
import dev.keg.cli.template.parse.Node.Variable;
import dev.keg.cli.template.parse.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Evaluates pipelines. Tracks the position where a failure is reported, step by step like Go. */
final class Expressions {
  private final Source source;
  private final Scope scope = new Scope();
  private final FunctionCalls calls;
  private @Nullable Node at;

  Expressions(Source source, Functions functions, @Nullable Object data) {
    this.source = source;
    this.calls = new FunctionCalls(this, functions);
    scope.declare("$", data);
  }

  Scope scope() {
    return scope;
  }

  void at(Node node) {
    at = node;
  }

  Failed fail(String message) {
    String location = at == null ? "" : source.location(at.position());
    return new Failed("template: %s: executing \"\" at <%s>: %s".formatted(location, at, message));
  }

  /** The value of the last command; null if there is none. Variables it declares stay in scope. */
  @Nullable Object pipeline(@Nullable Object dot, Pipeline pipeline) {
    at(pipeline);
    Object value = null;
    boolean piped = false;
    for (Command command : pipeline.commands()) {
      List<Operand> operands = command.words().subList(1, command.words().size());
      value = Any.open(command(dot, command, new Words(operands, piped, value)));
      piped = true;
    }
    for (Variable variable : pipeline.variables()) {
      if (pipeline.assigns()) {
        assign(variable, value);
      } else {
        scope.declare(variable.name(), value);
      }
    }
    return value;
  }

  void assign(Variable variable, @Nullable Object value) {
    if (!scope.assign(variable.name(), value)) {
      throw fail("undefined variable: " + variable.name());
    }
  }

  private @Nullable Object command(@Nullable Object dot, Command command, Words words) {
    Operand first = command.words().getFirst();
    return switch (first) {
      case Field field -> field(dot, field, words);
      case Variable variable -> variable(dot, variable, words);
      case Chain chain -> chain(dot, chain, words);
      case Identifier function -> calls.function(dot, function, command, words);
      case Pipeline pipeline -> {
        refuseArguments(pipeline, words);
        yield pipeline(dot, pipeline);
      }
      case Node.Bool _, Node.Dot _, Node.Nil _, Constant _, Node.ComplexConstant _, Literal _ -> {
        at(first);
        refuseArguments(first, words);
        yield value(dot, first);
      }
    };
  }

  private void refuseArguments(Operand operand, Words words) {
    if (!words.isEmpty()) {
      throw fail("can't give argument to non-function " + operand);
    }
  }

  /** The value of one operand without arguments. */
  @Nullable Object value(@Nullable Object dot, Operand operand) {
    return switch (operand) {
      case Node.Dot _ -> dot;
      case Node.Nil _ -> throw fail("nil is not a command");
      case Node.Bool bool -> bool.value();
      case Literal literal -> literal.text();
      case Constant constant -> constant(constant);
      case Node.ComplexConstant constant -> constant.value();
      case Field field -> field(dot, field, Words.NONE);
      case Variable variable -> variable(dot, variable, Words.NONE);
      case Chain chain -> chain(dot, chain, Words.NONE);
      case Identifier function -> calls.function(dot, function, function, Words.NONE);
      case Pipeline pipeline -> pipeline(dot, pipeline);
    };
  }

  private Object constant(Constant constant) {
    Double real = constant.real();
    if (real != null && Literals.looksReal(constant.text())) {
      return real;
    }
    Long integer = constant.integer();
    if (integer == null) {
      throw fail(constant.text() + " overflows int");
    }
    return GoValues.integer(integer);
  }

  private @Nullable Object field(@Nullable Object dot, Field field, Words words) {
    at(field);
    return fields(dot, dot, new Path(field, field.names()), words);
  }

  private @Nullable Object variable(@Nullable Object dot, Variable variable, Words words) {
    at(variable);
    if (!scope.has(variable.name())) {
      throw fail("undefined variable: " + variable.name());
    }
    Object value = scope.value(variable.name());
    if (variable.fields().isEmpty()) {
      refuseArguments(variable, words);
      return value;
    }
    return fields(dot, value, new Path(variable, variable.fields()), words);
  }

  private @Nullable Object chain(@Nullable Object dot, Chain chain, Words words) {
    at(chain);
    at(chain.operand());
    Object value = value(dot, chain.operand());
    return fields(dot, value, new Path(chain, chain.fields()), words);
  }

  /** The names to follow from a value, and the node that contains them. */
  private record Path(Operand node, List<String> names) {}

  // Only the last one can be a method with arguments.
  private @Nullable Object fields(
      @Nullable Object dot, @Nullable Object receiver, Path path, Words words) {
    Object value = receiver;
    int last = path.names().size() - 1;
    for (int i = 0; i <= last; i++) {
      value = step(dot, value, path.node(), path.names().get(i), i == last ? words : Words.NONE);
    }
    return value;
  }

  private @Nullable Object step(
      @Nullable Object dot, @Nullable Object boxed, Operand node, String name, Words words) {
    Object receiver = Any.open(boxed);
    if (boxed == null) {
      return null;
    }
    String type = GoValues.type(boxed);
    if (receiver == null) {
      throw fail("nil pointer evaluating " + type + "." + name);
    }
    if (receiver instanceof Struct struct) {
      Method method = struct.method(name);
      return method == null
          ? member(struct, type, name, words)
          : calls.method(dot, method, name, node, words);
    }
    GoMap map = GoValues.map(receiver);
    if (map != null) {
      if (!words.isEmpty()) {
        throw fail(name + " is not a method but has arguments");
      }
      return map.get(name);
    }
    if (receiver instanceof NilPointer pointer && pointer.fields().contains(name)) {
      throw fail("nil pointer evaluating " + type + "." + name);
    }
    throw fail("can't evaluate field " + name + " in type " + type);
  }

  private @Nullable Object member(Struct struct, String type, String name, Words words) {
    boolean found = struct.fields().containsKey(name);
    if (!found && !struct.isMap()) {
      throw fail("can't evaluate field " + name + " in type " + type);
    }
    if (!words.isEmpty()) {
      throw fail(
          struct.isMap()
              ? name + " is not a method but has arguments"
              : name + " has arguments but cannot be invoked as function");
    }
    return struct.fields().get(name);
  }
}
