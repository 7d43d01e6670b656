package dev.keg.cli.template.run;

import dev.keg.cli.template.parse.Node.Operand;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a function or method is given: the words behind its name, and the value of the command
 * before it in the pipeline, which comes last.
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
