package dev.keg.cli.template.run;

import dev.keg.cli.template.parse.Node.Operand;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a function or method: the words after its name, and the value of the previous
 * command in the pipeline, which comes last.
 */
record Words(List<Operand> operands, boolean piped, @Nullable Object last) {
  static final Words NONE = new Words(List.of(), false, null);

  boolean isEmpty() {
    return operands.isEmpty() && !piped;
  }

  int count() {
    return operands.size() + (piped ? 1 : 0);
  }
}
