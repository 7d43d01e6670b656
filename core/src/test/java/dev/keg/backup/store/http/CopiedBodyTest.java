package dev.keg.backup.store.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CopiedBodyTest {
  private final ByteBuffer target = ByteBuffer.allocate(8).position(2).limit(6);
  private final CopiedBody body = new CopiedBody(target);

  @Test
  void pieces_are_copied_one_behind_the_other_from_where_the_target_stands() {
    send("ab", "c");
    body.onComplete();

    assertThat(target.array()).isEqualTo("\0\0abc\0\0\0".getBytes(StandardCharsets.US_ASCII));
    assertThat(target.position()).isEqualTo(2);
    assertThat(body.length()).isEqualTo(3);
    assertThat(body.getBody().toCompletableFuture().join()).isEmpty();
  }

  @Test
  void what_is_more_than_there_is_room_for_is_counted_only() {
    send("abc", "defg", "h");

    assertThat(target.array()).isEqualTo("\0\0abcd\0\0".getBytes(StandardCharsets.US_ASCII));
    assertThat(body.length()).isEqualTo(8);
  }

  @Test
  void nothing_is_copied_into_a_target_that_is_used_again() {
    send("ab");
    body.close();
    send("cd");

    assertThat(target.array()).isEqualTo("\0\0ab\0\0\0\0".getBytes(StandardCharsets.US_ASCII));
  }

  private void send(String... pieces) {
    body.onNext(
        List.of(pieces).stream()
            .map(text -> ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)))
            .toList());
  }
}
