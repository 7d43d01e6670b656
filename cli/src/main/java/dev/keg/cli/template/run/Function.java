package dev.keg.cli.template.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A function of templates: its parameters, the last of which may repeat, and what it does. */
record Function(List<Parameter> parameters, boolean variadic, Body body) {
  /** What a function does with as many arguments as it takes, each of its parameter's type. */
  @FunctionalInterface
  interface Body {
    @Nullable Object apply(List<? extends @Nullable Object> arguments) throws CallFailed;
  }

  static Function of(Body body, Parameter... parameters) {
    return new Function(List.of(parameters), false, body);
  }

  static Function variadic(Body body, Parameter... parameters) {
    return new Function(List.of(parameters), true, body);
  }

  /** How many arguments there must be. */
  int fixed() {
    return variadic ? parameters.size() - 1 : parameters.size();
  }

  Parameter parameter(int argument) {
    return parameters.get(Math.min(argument, parameters.size() - 1));
  }
}
