import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Produces each line of its input as a record, all of them in one batch: Produce <broker> <topic> <codec>. */
public class Produce {
  public static void main(String[] args) throws Exception {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", args[0],
            "compression.type", args[2],
            "linger.ms", 60_000,
            "batch.size", 8 << 20,
            "buffer.memory", 64L << 20,
            "max.request.size", 16 << 20,
            "acks", "all");
    try (var producer = new KafkaProducer<byte[], byte[]>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = input.readLine(); line != null; line = input.readLine())
        producer.send(new ProducerRecord<>(args[1], 0, null, line.getBytes(StandardCharsets.UTF_8)));
    }
  }
}
