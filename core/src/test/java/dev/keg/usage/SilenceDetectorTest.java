package dev.keg.usage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SilenceDetectorTest {
  private final SilenceDetector answers = new SilenceDetector();

  @Test
  void it_is_silent_if_nothing_comes_for_so_many_looks() {
    answers.await(
        () -> {
          assertThat(answers.isSilent(2)).isFalse();
          assertThat(answers.isSilent(2)).isTrue();
          return answers;
        });
  }

  @Test
  void a_part_of_an_answer_restarts_the_count() {
    answers.await(
        () -> {
          assertThat(answers.isSilent(2)).isFalse();
          answers.came();
          assertThat(answers.isSilent(2)).isFalse();
          assertThat(answers.isSilent(2)).isFalse();
          assertThat(answers.isSilent(2)).isTrue();
          return answers;
        });
  }

  @Test
  void a_caller_without_requests_does_not_wait() {
    assertThat(answers.isSilent(1)).isFalse();
    assertThat(answers.isSilent(1)).isFalse();
    assertThat(answers.waiting()).isZero();
  }

  @Test
  void what_came_is_remembered_for_some_looks() {
    assertThat(answers.cameWithin(2)).isFalse();
    assertThat(answers.isSilent(1)).isFalse();
    assertThat(answers.cameWithin(2)).isFalse();
    assertThat(answers.await(() -> answers)).isNotNull();
    assertThat(answers.isSilent(1)).isFalse();
    assertThat(answers.cameWithin(2)).isTrue();
    assertThat(answers.isSilent(1)).isFalse();
    assertThat(answers.cameWithin(2)).isTrue();
    assertThat(answers.isSilent(1)).isFalse();
    assertThat(answers.cameWithin(2)).isFalse();
  }
}
