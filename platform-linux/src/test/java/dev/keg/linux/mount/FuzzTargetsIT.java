package dev.keg.linux.mount;

import dev.keg.fixtures.fuzz.Fuzzing;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The same targets with Jazzer, for as long as configured. */
class FuzzTargetsIT {
  @TempDir static Path directory;

  @TestFactory
  Stream<DynamicTest> inputs_that_reach_new_code() {
    return Fuzzing.explore(directory, new MountTableFuzz());
  }
}
