package dev.keg.backup.store.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrayBodyTest {
  private static final byte[] BYTES = new byte[300_000];

  static {
    new Random(1).nextBytes(BYTES);
  }

  private static final class Unasked implements Subscription {
    @Override
    public void request(long count) {
      throw new IllegalStateException("there is no subscription yet");
    }

    @Override
    public void cancel() {
      request(0);
    }
  }

  /** Requests that many pieces at first and after each piece, until it has enough. */
  private static final class Reader implements Subscriber<ByteBuffer> {
    private final long count;
    private final int most;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private Subscription subscription = new Unasked();
    private @Nullable Throwable failure;
    private int pieces;
    private int completions;

    Reader(long count, int most) {
      this.count = count;
      this.most = most;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      this.subscription = subscription;
      subscription.request(count);
    }

    @Override
    public void onNext(ByteBuffer piece) {
      pieces++;
      byte[] bytes = new byte[piece.remaining()];
      piece.get(bytes);
      received.writeBytes(bytes);
      if (pieces == most) {
        subscription.cancel();
      }
      subscription.request(count);
    }

    @Override
    public void onError(Throwable failure) {
      this.failure = failure;
    }

    @Override
    public void onComplete() {
      completions++;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, Long.MAX_VALUE})
  void a_part_of_an_array_arrives_whole_however_it_is_asked_for(long count) {
    BodyPublisher body = ArrayBody.of(BYTES, 10, 200_000);
    Reader reader = new Reader(count, -1);
    body.subscribe(reader);

    assertThat(body.contentLength()).isEqualTo(200_000);
    assertThat(reader.received.toByteArray()).isEqualTo(Arrays.copyOfRange(BYTES, 10, 200_010));
    assertThat(reader.completions).isOne();
    assertThat(reader.failure).isNull();
  }

  @Test
  void another_attempt_sends_it_again() {
    BodyPublisher body = ArrayBody.of(BYTES, 0, BYTES.length);
    body.subscribe(new Reader(1, 2));
    Reader second = new Reader(1, -1);
    body.subscribe(second);

    assertThat(second.received.toByteArray()).isEqualTo(BYTES);
  }

  @Test
  void nothing_comes_after_it_was_cancelled() {
    Reader reader = new Reader(Long.MAX_VALUE, 2);
    ArrayBody.of(BYTES, 0, BYTES.length).subscribe(reader);

    assertThat(reader.pieces).isEqualTo(2);
    assertThat(reader.completions).isZero();
  }

  @Test
  void a_request_for_nothing_is_refused() {
    Reader reader = new Reader(0, -1);
    ArrayBody.of(BYTES, 0, BYTES.length).subscribe(reader);

    assertThat(reader.failure).isInstanceOf(IllegalArgumentException.class);
    assertThat(reader.pieces).isZero();
  }

  @Test
  void an_empty_part_is_an_empty_body() {
    assertThat(ArrayBody.of(BYTES, 5, 0).contentLength()).isZero();
  }
}
