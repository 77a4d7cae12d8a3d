/*
 * blend: several predictions of one value, weighed by how well each did lately.
 *
 * The weight of a predictor is an inverse power of its running mean absolute error (as forecasts
 * are combined by Bates and Granger, "The combination of forecasts", 1969). The power is high, so
 * the best has nearly all of it, and what is as good shares it. An error counts up to a multiple of
 * its mean, so one outlier says little.
 */
#ifndef SENSOR_ANOMALY_BLEND_H
#define SENSOR_ANOMALY_BLEND_H

enum { BLEND_COUNT = 3 };

struct blend {
	double error[BLEND_COUNT]; /* running means; 0 at first */
};

double blend_predict(const struct blend *b, const double predictions[BLEND_COUNT]);

/* `gain`: the weight of the newest error in the mean. */
void blend_learn(struct blend *b, const double predictions[BLEND_COUNT], double value, double gain);

#endif
