package dev.keg.linux.mount;

import dev.keg.fixtures.fuzz.Fuzzing;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** External input is read or refused, whatever is changed in it. */
class FuzzTargetsTest {
  @TestFactory
  Stream<DynamicTest> seeds_and_changes_of_them() {
    return Fuzzing.replay(new MountTableFuzz());
  }
}
