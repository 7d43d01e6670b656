package dev.keg.cli.template.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The variables of a running template; an inner one hides an outer one of the same name. */
final class Scope {
  private static final class Binding {
    final String name;
    @Nullable Object value;

    Binding(String name, @Nullable Object value) {
      this.name = name;
      this.value = value;
    }
  }

  private final List<Binding> bindings = new ArrayList<>();

  int mark() {
    return bindings.size();
  }

  void leave(int mark) {
    bindings.subList(mark, bindings.size()).clear();
  }

  void declare(String name, @Nullable Object value) {
    bindings.add(new Binding(name, value));
  }

  /** Sets the last declared variable with that name; returns false if there is none. */
  boolean assign(String name, @Nullable Object value) {
    Optional<Binding> binding = find(name);
    binding.ifPresent(b -> b.value = value);
    return binding.isPresent();
  }

  /** The parser has seen a declaration, but possibly an assignment to a missing variable. */
  boolean has(String name) {
    return find(name).isPresent();
  }

  /** The value of an existing variable. */
  @Nullable Object value(String name) {
    return find(name).orElseThrow().value;
  }

  private Optional<Binding> find(String name) {
    return bindings.reversed().stream().filter(b -> b.name.equals(name)).findFirst();
  }
}
