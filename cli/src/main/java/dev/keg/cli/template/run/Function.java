package dev.keg.cli.template.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A function of templates: its parameters, the last of which may repeat, and its body. */
record Function(List<Parameter> parameters, boolean variadic, Body body) {
  /** The body of a function, called with valid arguments. */
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

  /** The minimum number of arguments. */
  int fixed() {
    return variadic ? parameters.size() - 1 : parameters.size();
  }

  Parameter parameter(int argument) {
    return parameters.get(Math.min(argument, parameters.size() - 1));
  }
}
