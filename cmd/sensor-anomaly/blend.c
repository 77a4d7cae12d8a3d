#include "blend.h"

#include "robust.h"

static const double error_most = 5; /* times the mean */

double blend_predict(const struct blend *b, const double predictions[BLEND_COUNT])
{
	double least = INFINITY, sum = 0, weights = 0;

	for (int i = 0; i < BLEND_COUNT; i++)
		least = lesser(least, b->error[i]);
	for (int i = 0; i < BLEND_COUNT; i++) {
		double ratio = b->error[i] > least ? least / b->error[i] : 1;
		double weight = ratio * ratio * ratio;

		weight *= weight;
		weights += weight;
		sum += weight * predictions[i];
	}
	return sum / weights;
}

void blend_learn(struct blend *b, const double predictions[BLEND_COUNT], double value, double gain)
{
	for (int i = 0; i < BLEND_COUNT; i++) {
		double error = fabs(value - predictions[i]);

		if (b->error[i] > 0)
			error = lesser(error, error_most * b->error[i]);
		b->error[i] += gain * (error - b->error[i]);
	}
}
