from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "hemaqueue.reviews"
    label = "reviews"
