package dev.keg.cli.template;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A method of a {@link Struct}, already bound to it, that takes this many strings. */
public record Method(int strings, Function<List<String>, ? extends @Nullable Object> body) {}
