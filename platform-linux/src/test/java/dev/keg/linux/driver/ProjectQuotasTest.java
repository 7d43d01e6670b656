package dev.keg.linux.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.FakeKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it is about inodes")
public class ProjectQuotasTest {
  private final FakeKernel fake = new FakeKernel();
  private final ProjectQuotas quotas = fake.kernel().quotas();
  private final Path directory;

  ProjectQuotasTest(@TempDir Path parent) throws IOException {
    this.directory = Files.createDirectory(parent.toRealPath().resolve("data"));
  }

  private int project() {
    return fake.quotas.projects.getOrDefault(directory, 0);
  }

  @Test
  void a_directory_gets_a_project_of_its_own() throws Exception {
    quotas.limit(directory, 1 << 20);

    assertThat(project()).isPositive();
    assertThat(fake.quotas.limits).containsEntry(project(), 1L << 20);
  }

  @Test
  void a_second_limit_replaces_the_first() throws Exception {
    quotas.limit(directory, 1 << 20);
    int project = project();

    quotas.limit(directory, 2 << 20);

    assertThat(fake.quotas.limits).hasSize(1).containsEntry(project, 2L << 20);
  }

  @Test
  void a_project_that_others_use_is_passed_over() throws Exception {
    quotas.limit(directory, 1);
    int first = project();
    fake.quotas.projects.clear();

    quotas.limit(directory, 2);

    assertThat(project()).isEqualTo(first + 1);
    assertThat(fake.quotas.limits).containsEntry(first, 1L).containsEntry(first + 1, 2L);
  }

  @Test
  void a_project_that_was_inherited_is_not_its_own() throws Exception {
    fake.quotas.projects.put(directory.getParent(), 7);
    fake.quotas.projects.put(directory, 7);
    fake.quotas.limits.put(7, 100L);

    quotas.limit(directory, 5);

    assertThat(project()).isNotEqualTo(7);
    assertThat(fake.quotas.limits).containsEntry(7, 100L);
  }

  @Test
  void two_directories_share_a_limit() throws Exception {
    quotas.limit(directory, 1 << 20);
    Path other = Files.createDirectory(directory.resolveSibling("other"));

    quotas.shareLimit(directory, other);

    assertThat(fake.quotas.projects).containsEntry(other, project());
    assertThat(fake.quotas.limits).hasSize(1);
    assertThat(quotas.shareOneLimit(directory, other)).isTrue();
    quotas.limit(Files.createDirectory(directory.resolveSibling("third")), 1 << 20);
    assertThat(quotas.shareOneLimit(directory, directory.resolveSibling("third"))).isFalse();
    assertThat(quotas.shareOneLimit(directory.resolveSibling("none"), other)).isFalse();
  }

  @Test
  void a_limit_can_be_taken_off_twice() throws Exception {
    quotas.limit(directory, 1 << 20);

    quotas.unlimit(directory);
    quotas.unlimit(directory);

    assertThat(fake.quotas.limits).containsEntry(project(), 0L);
  }

  @Test
  void a_file_system_that_does_not_know_the_call_has_no_quotas() throws Exception {
    fake.errno = Errno.ENOTTY;
    fake.faults().failAt(2);

    assertThat(quotas.available(directory)).isFalse();
  }

  @Test
  void a_question_that_fails_otherwise_is_a_failure() {
    fake.faults().failAt(2);

    assertThatThrownBy(() -> quotas.available(directory)).isInstanceOf(ErrnoException.class);
  }
}
